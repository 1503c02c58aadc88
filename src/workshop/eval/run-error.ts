/** An eval that cannot be run, or a kept run that cannot be read. The message says what and where. */
export class RunError extends Error {
  override readonly name = 'RunError';
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
