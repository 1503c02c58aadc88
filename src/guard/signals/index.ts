import { compileLexicon, type Lexicon } from '../lexicon.ts';
import type { Signal } from '../signal.ts';
import { announcementStyle } from './announcement-style.ts';
import { askedAgain } from './asked-again.ts';
import { botLoop } from './bot-loop.ts';
import { callScreening } from './call-screening.ts';
import { goodAnswers } from './good-answers.ts';
import { holdMusic } from './hold-music.ts';
import { keypadMenu } from './keypad-menu.ts';
import { llmClassifier } from './llm-classifier.ts';
import { modelReport } from './model-report.ts';
import { numberFactsSignal } from './number-facts.ts';
import { numberHistory } from './number-history.ts';
import { probeAnswers } from './probe-answers.ts';
import { protectPhrases } from './protect.ts';
import { quotingPhrases } from './quoting.ts';
import { repeatsItself } from './repeats-itself.ts';
import { robocallWording } from './robocall-wording.ts';
import { salesPitch } from './sales-pitch.ts';
import { silence } from './silence.ts';
import { talksOver } from './talks-over.ts';
import { voicemailGreeting } from './voicemail-greeting.ts';

/** All signals. Adding one: its file, and one line here (and its points in `weights.json`). */
export const SIGNALS: readonly Signal[] = [
  robocallWording,
  keypadMenu,
  announcementStyle,
  askedAgain,
  talksOver,
  repeatsItself,
  silence,
  botLoop,
  voicemailGreeting,
  callScreening,
  holdMusic,
  salesPitch,
  numberFactsSignal,
  numberHistory,
  probeAnswers,
  goodAnswers,
  llmClassifier,
  modelReport,
];

export const SIGNAL_NAMES: readonly string[] = SIGNALS.map((one) => one.name);

const phrases: Record<string, readonly string[]> = { ...quotingPhrases, ...protectPhrases };
for (const one of SIGNALS) {
  for (const [kind, patterns] of Object.entries(one.phrases ?? {})) phrases[`${one.name}:${kind}`] = patterns;
}

/** Phrases of all signals, compiled once. */
export const LEXICON: Lexicon = compileLexicon(phrases);
