/** Why an operation failed, as a sentence for the operator: it quotes no secret and needs no stack. */
export class OperationError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "OperationError";
  }
}
