import { phraseSignal } from './phrase-signal.ts';

/** An assistant that screens calls for the person we called: it wants to know who we are, and a person may come. */
export const callScreening = phraseSignal({
  name: 'call-screening',
  category: 'call_screening',
  directions: ['outbound'],
  strong: {
    screening: [
      '(state|say|record|leave) your name and ~3 (reason|why|purpose)',
      '(state|say) your name',
      '(using|uses) a (call|) screening service',
      'call (screening|assistant)',
      'screening (this|your|the) call',
      'see if ~3 (is|are) available',
      'before i (try to|) connect (you|your)',
      'who is calling and why',
      'the (person|party) you (are|re) calling is using',
      'will get a copy of this conversation',
      'diga su nombre y',
      'dites votre nom',
    ],
  },
  levels: [[1, 'asked']],
  reason: () => 'a call screening assistant asks who is calling',
});
