/** What goes wrong on purpose. Times are call milliseconds. */
export interface Faults {
  /** The first N frames that end the call are taken for ordinary speech. */
  readonly ignoreHangUps?: number;
  /** The connection is lost (1006) at these moments and dialled again. */
  readonly dropSocketAtMs?: readonly number[];
  /** The connection is lost when the first frame that ends the call arrives; the frame is lost with it. */
  readonly dropOnHangUp?: boolean;
  /** The caller talks while the agent says what ends the call. */
  readonly talkOverGoodbye?: string;
  /** Every frame is sent twice. */
  readonly duplicateEvents?: boolean;
}
