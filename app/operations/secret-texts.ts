import { createRedaction } from "../common/redaction.ts";

/** The secrets that an operation has read: none of them may leave it in a log line or an error. */
export class SecretTexts {
  readonly #texts = new Set<string>();

  add(...texts: readonly string[]): void {
    for (const text of texts) this.#texts.add(text);
  }

  /** Hides everything that has been added in a text. */
  hide(text: string): string {
    return createRedaction([...this.#texts])(text);
  }
}
