/** Utterances whose signal states are kept, so that a late correction by the ASR costs no full re-read. */
export const CORRECTION_WINDOW = 4;
