import { phraseSignal } from './phrase-signal.ts';

/** "You have reached the voicemail of ...", "leave a message after the tone". */
export const voicemailGreeting = phraseSignal({
  name: 'voicemail-greeting',
  category: 'voicemail',
  strong: {
    leave: [
      '(leave|record) ~4 (message|name|number)',
      '(deje|dejar) ~3 mensaje',
      '(laissez|laisser) ~3 message',
      '(hinterlassen) ~4 nachricht',
      'deixe ~3 (mensagem|recado)',
      '请 (留 言|在 ~5 后 留 言)',
      'de lai (tin nhan|loi nhan)',
    ],
    tone: [
      '(after|at|following) the (tone|beep|signal)',
      'despues (del|de la) (tono|senal)',
      'apres le (bip|signal)',
      'nach dem (ton|signalton)',
    ],
    reached: [
      'you have reached',
      'youve reached',
      '(forwarded|transferred) to ~3 (voice mail|voicemail|voice messaging|messaging)',
      '(the person|party|number|customer|subscriber) you (are|re|have|ve|) ~1 (calling|called|dialed|dialled|trying|reached)',
    ],
    mailbox: [
      'mailbox',
      '(the|my|our|a) (voice mail|voicemail) (of|box|for|system)',
      'voicemail of',
      'voice messaging',
      'buzon de voz',
      'messagerie vocale',
      'anrufbeantworter',
      'hop thu thoai',
      'caixa postal',
    ],
    closed: [
      '(office|we|store|clinic) (is|are) (currently|now|) ~1 closed',
      '(office|business|opening) hours are',
      'during (normal|regular|our) business hours',
    ],
    away: [
      '(not|unable) ~2 (available|home|here|come to the phone|take your call|answer)',
      '(cant|cannot|unable to) (come to|get to|answer|take) (the phone|your call|my phone)',
      '(get|call) ~1 back to you (as soon|when|shortly)',
      'away from (my|the|our) (desk|phone)',
      'no (estoy|esta|puedo) ~2 (disponible|contestar|atender)',
      'ne (suis|peux) pas (disponible|repondre)',
    ],
  },
  levels: [
    [3, 'certain'],
    [2, 'likely'],
    [1, 'hint'],
  ],
  reason: (kinds) => `sounds like a voicemail greeting (${kinds.join(', ')})`,
});
