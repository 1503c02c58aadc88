import { phraseSignal } from './phrase-signal.ts';

const your = '(your|the|an|any|this|a|our)';

/**
 * The grammar of recorded announcements rather than the subjects of known campaigns: says that it is a recording,
 * announces its purpose, threatens with a deadline, claims something about *your* account, offers, and tells whom to
 * call. A customer speaks of "my account", so the patterns hold on to second person and to announcing verbs.
 */
export const robocallWording = phraseSignal({
  name: 'robocall-wording',
  category: 'recorded_message',
  strong: {
    recorded: [
      'this is (a|an|the) (automated|automatic|recorded|prerecorded|pre recorded|computer generated) ~2 (message|call|announcement|recording|reminder|notice|notification)',
      'this is a (recording|recorded)', '(automated|recorded|prerecorded) (message|call|announcement) from', 'do not hang up', 'please listen carefully',
      'message will be repeated', 'to (hear|repeat) this message', 'listen to this message again', 'i repeat press', 'este es un mensaje (automatico|grabado|pregrabado)',
      'ceci est un message (automatique|enregistre)', 'dies ist eine (automatische|aufgezeichnete)', '自 动 语 音', '最 后 一 次 通 知',
    ],
    purpose: [
      '(this|the) (call|message|notice|notification) is (to|for|from|regarding|about|in regards|in regard|intended|concerning|provided|being|a|your|an|on behalf)',
      '(call|message|notice) is to (inform|notify|let|advise|remind|alert|authorize|confirm)', '(inform|notify|advise|alert) you (that|of|about|regarding|with|a|we|your)',
      'to let you know (that|your)', 'to make you aware', '(like|want|wish|wanted|would like) to (inform|notify|tell|remind|reward|offer) you', '(reason|purpose) (for|of) (this|my|our|her|his|the) call',
      '(we|im|i am|were) (just|) (calling|reaching|contacting) (out|you|) ~1 (to you|to|about|regarding|in regards|in regard|concerning|from|on behalf|because) ~2 (your|you|the)',
      'calling (you|) (in|with) regards', 'giving you a call', '(courtesy|follow up) (call|reminder)', '(trying|attempted|attempting|tried) to (reach|contact|call) you', 'you are receiving this',
      'this (is|follows) pertaining', 'le (llamamos|informamos|comunicamos)', 'esta llamada es', 'nous vous (appelons|informons)',
    ],
    deadline: [
      '(final|last|second|third) (courtesy|) (notice|notification|attempt|reminder|warning|chance|call|opportunity)', '(respond|reply|call|press|act) (back|) (immediately|now|today|asap|at once|right away)',
      'within (the|) (next|) # ~1 (hours|hour|minutes|days|business)', 'limited time', '(offer|warranty|promotion|deal|coverage|discount|eligibility) ~2 (expire|expires|ends|ending|expiring)',
      '(will|would) be (disconnected|suspended|cancelled|canceled|blocked|deducted|charged|forced|terminated|revoked|deactivated|shut)', '(before|until) it is too late', 'with immediate effect', 'forced to',
      '(experiencing|face|facing) ~3 (disconnection|consequences|charges|action)', 'ultimo aviso', 'dernier (avis|rappel)', 'letzte mahnung',
    ],
    claim: [
      `${your} ~4 (account|name|number|card|computer|line|service|services|warranty|benefits|identity|ip|payment|file) ~1 (has|have|was|were|is|will|would|may) ~1 (been|being|be|gone|going|about|found|detected|involved|expired|expire|compromised|used)`,
      '(unauthorized|unauthorised|suspicious|fraudulent|unusual|preauthorized|pre authorized|illegal|criminal) ~2 (activity|activities|charge|charges|order|transaction|transactions|purchase|login|access|trails|incoming)',
      '(under|on|in|to|from) your (name|account|identity|social|amazon|ssn|credit|iphone|icloud)', 'your social security', '(arrest|federal|legal|investigation|law enforcement) ~1 (warrant|action|agency|officer|department|proceedings|consequences|custody|cell|allegations)',
      '(allegations|lawsuit|complaint|case|charges) ~2 (against|filed|under) (you|your)', '(been|was|were) (charged|debited|deducted|placed|seized|ordered|flagged) ~2 (from|on|to|for|in|under) your', 'su cuenta ha sido', 'votre compte a ete', '(did not|didnt|have not|havent|if not|not) (make|made|authorize|authorized|authorise|place|placed|approve|approved) (this|these|any|the) ~1 (order|purchase|transaction|transactions|charge|payment|change)',
    ],
    offer: [
      'you (may|now|might|are|have been|ve been|could|will|were|) (also|now|already|prequalified|pre|) (be|) (qualify|qualified|eligible|selected|approved|chosen|entitled|prequalified|preapproved|awarded) ~1 (for|to|as|by)',
      'your ~5 (qualified|eligible|selected|approved|drawn|chosen|entitled) (for|to|as)', '(lower|reduce|eliminate|consolidate|forgive|forgiven) your', '(zero|0|#) ~1 (interest|percent interest)', 'debt (relief|forgiveness|settlement|consolidation)',
      '(extended|vehicle|auto|car) ~1 warranty', '(free|complimentary|paid) ~2 (vacation|cruise|stay|gift|estimate|quote|trial|upgrade|medical|inspection)', '(special|exclusive|limited|promotional) ~1 (offer|promotion|pricing|discount|rate|rates)',
      'congratulations', '# ~1 (off|discount)', '(your|the) (monthly|electric|energy|utility|power|existing) ~2 (bill|bills|rate|rates|account|customer)', '(loan|student loan|loans) (forgiveness|cancellation|discharge|repayment)', 'reimburse ~2 you',
      'usted ha sido (seleccionado|elegido|aprobado)', 'vous avez (ete selectionne|gagne)', 'sie haben gewonnen',
    ],
    whom: [
      '(call|contact|reach) (us|me|our|this|the) ~4 (at|on|back)', 'call ~1 back (at|on|to)', 'toll free', '(speak|talk|connect|connected|speaking|transfer|transferred) ~1 (to|with) ~2 (our|one of|a|an|the) ~3 (representative|representatives|agent|agents|officer|specialist|specialists|department|advisor|associate|expert|executive|live)',
      '(our|the) ~2 (representative|representatives|agents|specialists|experts|customer support|customer care|support team|billing department|security department|fraud department|qualification department|processing department)', 'stay on the line', '(to be|be) (removed|placed|added|taken) ~3 list', 'do not call', 'to opt out', 'remain on the line',
      '(avail|claim|redeem|activate) (this|your|the)', 'kindly (press|call|contact|give|dial)', 'for (more|further) (information|details|queries)', 'connect you (to|with|now)',
    ],
    formula: ['(dear|valued|attention|esteemed) (customer|customers|consumer|homeowner|sir|member|client)', '(thank you|thanks) for (choosing|connecting|being a)', 'this is ~2 (from|with) ~4 (department|center|support|security|services|service|administration|bureau|billing|bank|agency|company|program)', '(hi|hello) this is ~2 calling (you|) from', 'estimado cliente', 'cher client', 'on a recorded line', '(attention|important) ~1 (message|notice|announcement|information)', '(how to|) (file|reference|case|confirmation|claim) (id|) (number|id) is'],
  },
  weak: {
    thanks: ['thank you goodbye', 'thank you have a (great|nice|good|wonderful) day', 'thank you for your (time|patience|cooperation|attention|response)'],
    urgency: ['immediately', 'urgent', 'as soon as possible', 'right away', 'expires', 'deadline'],
    government: ['government', 'federal', 'administration', 'department of', 'irs', 'social security', 'medicare', 'homeowner'],
  },
  levels: [
    [4, 'four'],
    [3, 'three'],
    [2, 'two'],
    [1, 'one'],
  ],
  reason: (kinds) => `wording of a recorded announcement (${kinds.join(', ')})`,
});
