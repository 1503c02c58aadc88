import type { Hit } from '../lexicon.ts';
import type { Said } from '../utterance.ts';

const REPORTS = 'quoting:reports';
const READS = 'quoting:reads';
/** Words after a report that still belong to it, within the utterance; and after somebody began to read something out. */
const REPORTED_WORDS = 25;
export const READ_WORDS = 150;

/**
 * Words by which a person tells of a message or menu instead of being one: "your message told me to press one",
 * "I got a letter, it says ...". What follows is quoted.
 */
export const quotingPhrases: Readonly<Record<string, readonly string[]>> = {
  [REPORTS]: [
    'i (just|already|) (pressed|dialed|dialled|hit|pushed)',
    'told me',
    'telling me',
    'asked me',
    'asking me',
    'saying that',
    'which said',
    'that says',
    'it was like',
    '(he|she|they|someone|somebody|lady|guy) (just|then|only|keeps|kept|) (said|says|say|saying|tells|told|telling|asked|asks|asking|wants|wanted)',
    '(me|nos|le) (dijo|dijeron|dice|dicen|decia|decian|pidio|pidieron|pide|piden|manda|mando)',
    // Accents are folded: "yo ya marqué el dos" is "marque el dos".
    '(yo|ya) ~1 (marque|oprimi|presione|pulse|aprete)',
    '(on|il|elle|ca) (ma|nous a) (dit|demande)',
    'jai (deja|) (appuye|tape|compose)',
    '(mir|uns) wurde gesagt',
    '(hat|haben) (mir|uns) gesagt',
    'ich (habe|hab) (schon|) ~3 gedruckt',
    '(me|nos) (disse|disseram|pediu|pediram|mandou|mandaram)',
    '(eu|ja) ~1 (apertei|digitei|pressionei|teclei)',
    '(它|他|她|他们|她们|那 边|电 话 里|電 話 裡) ~1 (说|說|叫|让|讓|要)',
    '(让|讓|叫|要) 我 ~3 (按|打|输|輸)',
    '我 (已 经|已 經|刚 才|剛 才|都|) 按',
    '(قال|قالوا|قالت|يقول|بيقول|بيقولوا|تقول|بتقول) ~1 (لي|لنا|لك)',
    '(no|ho|may|ben do) (noi|bao|keu|yeu cau)',
    'bao (toi|em|con|minh|chau)',
    'toi (da|moi|) (bam|nhan)',
    '(yo|li|telefon nan|vwa a) (te|) (di|mande) ~1 (m|mwen|nou)',
    'mwen (te|deja|) (peze|tape)',
    '(उसने|उन्होंने|वो|वह|मशीन) ~2 (कहा|बोला|बोली|बोल|कह|कहती|कहता)',
    'मुझे ~1 (कहा|बोला|बताया)',
    '(मैंने|मैने) ~3 (दबाया|दबा)',
  ],
  [READS]: [
    'i (just|keep|kept|was|have|ve|also|) ~1 (got|get|gotten|getting|received|had|hearing|heard) ~4 (call|calls|message|messages|voicemail|robocall|recording|email|letter|text|notice|bill)',
    '(it|message|recording|menu|system|machine|voice|letter|email|notice|call|thing|robot|text) (just|then|only|keeps|kept|) (said|says|say|saying|tells|told|telling|asked|asks|asking|reads|wanted)',
    '(read|reading) (it|this|that|the letter|the notice|the message) ~1 (out|to you|aloud|for you)',
    '(read|reading) you (the|this|what)',
    'let me read',
    '(decia|dice|dicen|decian) que',
    '(ahi|aqui|que|donde) (dice|decia)',
    '(dice|decia|dijo) (la|el|una|un|esta|este|su) ~1 (grabacion|mensaje|maquina|contestadora|menu|carta|recado|papel|recibo|texto|correo)',
    '(grabacion|mensaje|maquina|contestadora|menu|carta|papel|recibo|texto|correo) ~3 (dice|decia|dijo)',
    '(recibi|recibimos) (un|una|este|esta|el|la) (mensaje|llamada|carta|correo|aviso|recado)',
    '(me|nos) (llego|mandaron|dejaron|enviaron|salio)',
    '(le|les|se) (leo|voy a leer)',
    '(jai|on a|nous avons) (recu|eu) ~2 (appel|message|lettre|courrier|sms|mail)',
    '(message|lettre|courrier|enregistrement|menu|machine|voix) ~1 (disait|dit|me dit|disent)',
    '(je vous|je te) lis',
    'ich (habe|hab) ~4 (anruf|nachricht|brief|sms|mail) (bekommen|erhalten)',
    '(da steht|darin steht|da hies|die ansage sagt|ich lese ihnen)',
    '(recebi|recebemos|chegou) (uma|um|esta|este|a|o) ~1 (mensagem|ligacao|carta|aviso|sms|email)',
    '(mensagem|gravacao|carta|aviso) ~2 (dizia|diz|disse)',
    '(收 到|接 到|来 了|來 了) ~5 (短 信|信 息|简 讯|簡 訊|电 话|電 話|信|通 知|留 言|语 音|語 音)',
    '(短 信|信 息|简 讯|簡 訊|录 音|錄 音|语 音|語 音|信|通 知|留 言|上 面|里 面|裡 面|那 个 电 话|那 個 電 話) ~2 (说|說|写|寫|讲|講)',
    '(念|读|讀) ~2 (给|給) (你|您)',
    '(وصلتني|وصلني|جتني|جاتني|جاني|إجاني|اجاني|جالي|جاتلي|استلمت) ~1 (رسالة|رساله|مكالمة|اتصال|مسج|ورقة|تسجيل)',
    '(الرسالة|الرساله|التسجيل|المسج|الورقة|المكالمة) ~2 (تقول|بتقول|يقول|بيقول|قالت|قال|مكتوب|فيها|فيه)',
    '(مكتوب|اقرأ|أقرأ|بقرأ|بقرا) ~1 (فيها|فيه|لك|لكم|لحضرتك|عليها)',
    '(nhan|co|nghe) (duoc|) ~2 (tin nhan|cuoc goi|thu|giay bao|tin)',
    '(tin nhan|trong do|cuoc goi|tong dai|giay|thu|may) ~1 (noi|ghi|bao|viet)',
    '(doc|de (toi|em|con)) (cho|doc) ~2 nghe',
    '(mwen|m|nou) (te|) (resevwa|jwenn) ~2 (mesaj|apel|let|nimewo)',
    '(mesaj|let|vwa|papye) (la|a|yo|sa a|) ~1 (di|te di|ekri|make)',
    '(map|mwen pral|kite m) li (l|li|mesaj la|let la|)',
    '(मैसेज|मेसेज|संदेश|फोन|फ़ोन|कॉल|चिट्ठी|नोटिस|मेसेज) ~3 (आया|आयी|आई|मिला|मिली|लिखा|बोला|बोल|कहता|कहती)',
    '(लिखा|लिखी) (है|था|हुआ)',
    'पढ़ (के|कर) ~1 (सुनाता|सुनाती|बताता|बताती|सुनाऊं|सुना)',
  ],
};

/** Whether a phrase is somebody else's words. `said.sinceReading`: the caller's words since they began to read out. */
export function isQuoted(said: Said, hit: Hit): boolean {
  if (said.sinceReading + hit.from <= READ_WORDS) return true;
  return said.hits.some(
    (other) =>
      other.from <= hit.from &&
      ((other.tag === REPORTS && hit.from - other.to <= REPORTED_WORDS) ||
        (other.tag === READS && hit.from - other.to <= READ_WORDS)),
  );
}

/** Words of the caller since they began to read or report, at the end of `said`; Infinity when they did not. */
export function wordsSinceReading(said: Said): number {
  const last = said.hits.findLast((hit) => hit.tag === READS);
  const words = said.tokens.words.length;
  return last ? words - last.to : said.sinceReading + words;
}
