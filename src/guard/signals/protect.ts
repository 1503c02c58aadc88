import type { Said } from '../utterance.ts';

/**
 * Callers who sound like machines and are not, or who must not be cut off whatever they sound like. One phrase is
 * enough: the rung is capped at `probe` for the rest of the call.
 */
const KINDS: Readonly<Record<string, { readonly reason: string; readonly phrases: readonly string[] }>> = {
  relay: {
    reason: 'a relay operator for a deaf or speech-impaired caller',
    phrases: [
      'relay (operator|service|call|agent|assistant|number|user)',
      '(communication|communications) assistant',
      '(video|ip|tty|text|captioned|telecommunications|speech to speech) relay',
      'relay (uk|nz|australia)',
      '(tty|ttd|tdd) ~2 (user|call|caller|operator)',
      '(person|caller|customer|someone|user) (who|that|) (is|may be|might be|) ~1 (deaf|hard of hearing|speech impaired|deafblind)',
      '(i am|im|i m|he is|she is|who is|whos|being) (deaf|hard of hearing|mute|non verbal|nonverbal|speech impaired|speech disabled|late deafened)',
      'say go ahead',
      'sign language',
      '(captioned|caption) (phone|telephone|call)',
      '(sprint|hamilton|sorenson|purple|convo|t mobile|tmobile) relay',
      'servicio de (relevo|retransmision)',
      'service de relais',
      'operador de relevo',
      'vermittlungsdienst',
      'tess relay',
    ],
  },
  device: {
    reason: 'a caller who speaks through a device',
    phrases: [
      '(speech|voice|speaking|communication|talking|aac) ~1 (generating|generated|output|) (device|computer|aid|tablet|app|machine|synthesizer)',
      '(text to speech|text to talk|type to speak|typing to speak|electrolarynx|voice box|artificial voice|synthetic voice|computer voice|computerized voice)',
      'i (type|am typing|use typing|have to type) ~3 (speak|talk|message|messages|answer|response|reply|what)',
      '(i cannot|i can not|i cant|i am unable to|unable to) speak',
      'i (use|speak with|talk with|communicate with|speak through|talk through|am using|speak using) (a|my|an) ~3 (device|computer|tablet|machine|app|aid)',
      'my (speech|voice) (device|disability|impairment|problem|disorder)',
      'my (speech|voice) is ~1 (impaired|slow|slurred|hard|difficult|weak|gone|not|made|generated|computer)',
      '(please|) (be patient|give me time) ~3 (type|typing|stutter|speak|speech)',
      'i (stutter|stammer)',
      '(have|has|with) a ~1 (stutter|stammer)',
      '(speech|voice) (impediment|impairment|disorder|disability)',
      '(aphasia|had a stroke|laryngectomy|cerebral palsy|als|parkinsons)',
      'hablo con (un|una) (aparato|dispositivo)',
    ],
  },
  interpreter: {
    reason: 'an interpreter is on the line',
    phrases: [
      '(interpreter|translator) (id|number|here|on the line|for|speaking|from|with|services|and)',
      '(i am|im|this is|my name is) ~3 (interpreter|translator|interpreting|translating)',
      '(interpreting|translating) for',
      '(language line|languageline|interpretation service|interpreter service|interpreting service)',
      '(have|with) (an|a|my) (interpreter|translator)',
      '(soy|habla) (el|la|su) interprete',
      'interprete',
    ],
  },
  collect: {
    reason: 'a collect call or a call from a prison',
    phrases: [
      'collect call',
      '(inmate|prisoner|incarcerated|detainee)',
      '(correctional|detention|county) (facility|center|institution|jail)',
      '(jail|prison) ~2 (call|phone)',
      'prepaid call from',
      'llamada por cobrar',
    ],
  },
  panel: {
    reason: 'an alarm or lift panel',
    phrases: [
      '(elevator|lift) ~3 (emergency|alarm|stuck|phone|panel|call|entrapment|trapped)',
      '(stuck|trapped) in (the|an|a|this) (elevator|lift)',
      '(alarm|fire|emergency|panic|medical) (panel|pendant|button) ~3 (activated|alarm|pressed|signal|call|alert)',
      'emergency (call|phone|telephone|intercom|line|alarm) ~4 (from|in|at|elevator|lift|escalator|car|location)',
      '(talk|speak|connected) to (the|a) (passenger|passengers|occupant|rider)',
      '(this is|) (the|an|a) (elevator|lift|fire|alarm|emergency) (phone|panel|system|intercom|communicator)',
      'alarm (monitoring|receiving) (center|centre)',
      '(fall|smoke|fire|carbon monoxide|intruder|burglar) (detected|alarm)',
      '(this is an|an) emergency (call|alarm) from',
    ],
  },
  emergency: {
    reason: 'words of an emergency',
    phrases: [
      '(call|need|send|get) (an|the|) (ambulance|paramedics|paramedic|firefighters|fire department|police|doctor)',
      '(not|isnt|stopped|cant|cannot|can not|trouble|difficulty|difficulties) (breathing|breathe|wake up|move)',
      '(hes|shes|he is|she is|i am|im|is|was) (unconscious|bleeding|choking|having a stroke|having a seizure|having a heart attack|dying|overdosing|collapsed|unresponsive|passed out)',
      '(he|she|hes|shes|mom|mother|dad|father|wife|husband|baby|son|daughter|patient) ~1 not (responding|waking up|moving|breathing)',
      '(heart attack|chest pain|chest pains|overdose|seizure)',
      '(somebody|someone|please) help me',
      'help me please',
      '(hes|shes|he is|she is|he|she) (going to|gonna|is trying to) (kill|hurt|hit) me',
      '(there is|theres|a) (fire|gas leak|break in|intruder) (in|at|here)',
      '(is|its|are|was|caught|all) on fire',
      '(house|home|apartment|kitchen|building|room|car|roof) (is|s|was) burning',
      '(smell|smells|smelling|leaking) (gas|of gas|like gas)',
      '(locked|trapped|stuck) (in|inside) ~4 (cant|cannot|can not|help)',
      '(this is|its|it is) an emergency',
      '(i|i have|ive|he|she|dad|mom|mother|father) (fell|fallen|have fallen) ~3 (up|down|hurt|floor|stairs|hurts)',
      '(cant|cannot|can not) get (up|back up|off the floor)',
      '(being|been) (followed|attacked|robbed|beaten|stabbed|shot)',
      '(una ambulancia|la ambulancia|ayudeme|auxilio|socorro|no respira|emergencia medica|es una emergencia)',
      '(une ambulance|au secours|aidez moi|ne respire)',
      '(krankenwagen|notarzt|hilfe|atmet nicht)',
      '救 命',
      '救 护 车',
      '(anbilans|ede m|li pa respire)',
      '(cap cuu|cuu toi)',
      'النجدة',
      'إسعاف',
      'बचाओ',
      'एम्बुलेंस',
    ],
  },
  'self-harm': {
    reason: 'words of someone who may harm themselves',
    phrases: [
      '(kill|killing|hurt|hurting|harm|harming) (myself|my self)',
      '(end|ending|take|taking) my (own|) life',
      '(want|wanna|going|ready|wish|like) to die',
      '(suicidal|suicide)',
      '(dont|do not|cant|cannot) (want to|go on|) (live|living|go on|be here) (anymore|any more|any longer|like this)',
      'no reason to live',
      'better off (dead|without me)',
      '(quiero|voy a) (morir|matarme|suicidarme)',
      '(veux|vais) (mourir|me tuer)',
      'ich will (sterben|nicht mehr leben)',
      '想 死',
      '自 杀',
      'vle mouri',
      'muon chet',
    ],
  },
};

export const protectPhrases: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(KINDS).map(([kind, { phrases }]) => [`protect:${kind}`, phrases]),
);

export interface Protection {
  readonly kind: string;
  readonly reason: string;
}

/** The first kind of protection that an utterance speaks for. Quoted words protect too: better once too often. */
export function protectionOf(said: Said): Protection | null {
  for (const hit of said.hits) {
    if (!hit.tag.startsWith('protect:')) continue;
    const kind = hit.tag.slice('protect:'.length);
    const found = KINDS[kind];
    if (found) return { kind, reason: found.reason };
  }
  return null;
}
