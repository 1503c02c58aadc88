import { phraseSignal } from './phrase-signal.ts';

/** Waiting queues: "your call is important to us", "the next available agent". */
export const holdMusic = phraseSignal({
  name: 'hold-music',
  category: 'hold_music',
  strong: {
    queue: [
      'your call is (very|) important',
      '(all|all of) (our|the) ~2 (agents|representatives|operators|associates|lines) are ~3 (busy|assisting|helping)',
      '~2 (staff|agents|representatives|operators|team) are (currently|all|still|) ~1 (busy|assisting|helping|serving|on other)',
      '(your|calls|call) ~2 (will be|is|are) answered in the order',
      'helping other (callers|customers)',
      'next available (agent|representative|operator|associate|team member)',
      'you are (caller|) number # in',
      '(estimated|approximate|expected) wait time',
      'calls (will be|are) answered in the order',
      'thank you for (holding|your patience please)',
      '(please|) (continue to|) hold',
      'su llamada es (muy|) importante',
      'todos nuestros (agentes|asesores)',
      'votre appel est important',
    ],
    music: ['(music|hold music) (playing|plays)', '(♪|musica)'],
  },
  levels: [
    [2, 'certain'],
    [1, 'hint'],
  ],
  reason: () => 'sounds like a waiting queue',
});
