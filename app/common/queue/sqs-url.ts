const pattern = /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/\d{12}\/[A-Za-z0-9_-]{1,80}$/;

/** The region of a queue's address in SQS; undefined when it is none. */
export function sqsRegion(url: string): string | undefined {
  return pattern.exec(url)?.[1];
}
