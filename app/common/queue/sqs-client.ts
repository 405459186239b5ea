import { SQSClient } from "@aws-sdk/client-sqs";

/** Seconds for which SQS holds a question for messages open. */
export const longPoll = 20;

/** A client of SQS with the credentials of the task's role. A request that is not answered is tried three times. */
export function createSqsClient(region: string): SQSClient {
  return new SQSClient({
    region,
    // The place comes from the region, so that AWS_ENDPOINT_URL_SQS can name another one.
    useQueueUrlAsEndpoint: false,
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: (longPoll + 10) * 1_000,
      throwOnRequestTimeout: true,
    },
  });
}
