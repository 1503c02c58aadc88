import { type Slot, signal } from '../signal.ts';
import { spanOf } from '../utterance.ts';
import { isQuoted } from './quoting.ts';

interface Own {
  readonly count: number;
  readonly span?: { readonly index: number; readonly from: number; readonly to: number };
}

const evidence = (own: Own, outbound: boolean): Slot<Own>['evidence'] => {
  if (own.count === 0) return null;
  return {
    level: own.count === 1 ? 'once' : 'menu',
    // Whoever we called may well have a menu; a caller who plays one is a robocall.
    category: outbound ? 'ivr_menu' : 'robocall_menu',
    reason: own.count === 1 ? 'asks for a key to be pressed' : `offers a keypad menu (${own.count} choices)`,
    values: { prompts: own.count },
    ...(own.span ? { span: own.span } : {}),
  };
};

/** "Press one to ...", "oprima el dos": told to the agent, not told of. */
export const keypadMenu = signal<Own>({
  name: 'keypad-menu',
  follows: 'transcript',
  phrases: {
    press: [
      'press (the|) (number|key|button|) #',
      'press (the|) (pound|star|hash|any) ~1 key',
      '(to|please|kindly|now|just|simply|by|not|otherwise) (press|pressing|dial|push) (the|) (number|) #',
      'press (warn|won|want|tick|to now)',
      'push (the|) (number|) #',
      '(say|press) # (or|for|to)',
      '(on|using) your (keypad|key pad|telephone keypad|phone keypad)',
      'for * ~3 press',
      '(oprima|presione|marque|pulse|apriete) (el|la|) (numero|tecla|) #',
      '(appuyez|tapez) (sur|) (le|la|) (touche|numero|) #',
      '(drucken|wahlen) sie (die|) (taste|) #',
      '(tecle|digite|pressione|aperte) (o|a|) (numero|tecla|) #',
      '(peze|tape) (sou|) #',
      '(nhan|bam) (phim|so) #',
      '请 按 #',
      '按 # (号|键|由|转|咨)',
      '请 按',
    ],
  },
  start: { count: 0 },
  observe(_slot, seen, before, call) {
    if (seen.type !== 'said' || seen.said.role !== 'caller') return before;
    let own = before.own;
    for (const hit of seen.said.hits) {
      if (hit.tag !== 'keypad-menu:press' || isQuoted(seen.said, hit)) continue;
      own = { count: Math.min(9, own.count + 1), span: spanOf(seen.said, hit.from, hit.to) };
    }
    return own === before.own ? before : { own, evidence: evidence(own, call.facts.direction === 'outbound') };
  },
});
