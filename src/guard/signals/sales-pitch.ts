import { phraseSignal } from './phrase-signal.ts';

/** A live salesperson: offers services to whoever answers, asks for the owner. */
export const salesPitch = phraseSignal({
  name: 'sales-pitch',
  category: 'sales_pitch',
  strong: {
    offers: [
      'we (help|offer|provide|specialize|specialise|work with|guarantee|are offering|can help|have helped) ~2 (businesses|business|companies|company|clients|customers|owners|homeowners|you|your|practices|offices|services)',
      '(our|my) (company|agency|firm|team|program|product|service|services) (can|is|offers|provides|helps|specializes|will|has)',
      'i (represent|am with|work with|work for) ~2 (company|agency|group|firm|marketing|solutions)',
      'ofrecemos',
      'nous proposons',
      'wir bieten',
    ],
    subject: [
      '(first|top) page (of|placement|result|results|ranking|rankings)',
      '(search results|search ranking|search rankings|return on investment|marketing budget|your competitors)',
      'our (clients|customers) (see|are|have|get|save|typically|usually)',
      '(makes|make|handles|in charge of|responsible for) ~3 (decision|decisions)',
      '(first|top) (page|spot|of) ~1 google',
      '(search engine|seo|google listing|google business|web design|digital marketing|lead generation|merchant services|credit card processing|business loan|business funding|working capital|payment processing|online presence|website traffic)',
      '(generate|more|new|qualified) (leads|patients|customers|traffic)',
      '(lower|reduce|save|cut) ~3 (bill|bills|costs|rates|fees|money|percent)',
    ],
    owner: [
      '(speak|talk|speaking) (to|with) ~2 (owner|manager|decision maker|person in charge|whoever|business owner)',
      '(are you|is this) the (owner|manager|business owner|homeowner|decision maker|person in charge)',
      'in charge of (your|the) ~2 (marketing|website|advertising|purchasing|phone|utilities)',
      'business owner',
    ],
  },
  weak: {
    opener: [
      'how are you (doing|) today',
      '(do you have|have you got|can i have|could i have|just take|only take|take) (just|) (a|one|two|#) ~1 (minute|minutes|moment|second|seconds) ~2 (your time|to talk|to speak)',
      '(quick|brief) (question|call|minute|chat) ~2 (about|for|regarding) (you|your)',
      'no obligation',
      'no contract',
      '(send|send over|email) ~3 proposal',
      '(free|no cost) (audit|consultation|demo|trial|quote|estimate|analysis)',
      '(schedule|book|set up) a (quick|short|brief|) (demo|call|meeting|consultation) with (our|one|my|you)',
      'reason for my call',
    ],
    price: [
      'for (just|only|as little as)',
      '(special|limited|exclusive) ~1 (offer|deal|promotion|rate|pricing)',
      '# ~1 (per|a) month',
      'sign up today',
      'money back',
    ],
  },
  levels: [
    [4, 'four'],
    [3, 'three'],
    [2, 'two'],
    [1, 'one'],
  ],
  reason: (kinds) => `sells something (${kinds.join(', ')})`,
});
