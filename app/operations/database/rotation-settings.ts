import { z } from "zod";

import { ConfigurationError, readConfiguration, type Setting, type Settings } from "../../common/configuration.ts";
import { text } from "../../common/settings.ts";
import { OperationError } from "../operation-error.ts";

const servicesByUser = z.record(z.string(), z.array(z.object({ cluster: z.string(), service: z.string() })));

/** The ECS services that hold a user's secret, by the user's name. */
export type ServicesByUser = z.infer<typeof servicesByUser>;

const services: Setting<ServicesByUser> = {
  schema: z
    .string()
    .transform((value) => {
      try {
        return JSON.parse(value) as unknown;
      } catch {
        return undefined;
      }
    })
    .pipe(servicesByUser),
  allowed: 'JSON such as {"worldstore_agent": [{"cluster": "worldstore-prod", "service": "agent"}]}',
  secret: false,
};

const settings = {
  MASTER_SECRET_ARN: text("the ARN of the master's secret"),
  SERVICES: services,
} satisfies Settings;

export interface RotationSettings {
  masterSecretArn: string;
  services: ServicesByUser;
}

/** Reads what the rotation is told as variables. @throws OperationError with all problems */
export function readRotationSettings(environment: NodeJS.ProcessEnv): RotationSettings {
  try {
    const { configuration } = readConfiguration(settings, [], environment);
    return { masterSecretArn: configuration.MASTER_SECRET_ARN, services: configuration.SERVICES };
  } catch (error) {
    if (error instanceof ConfigurationError) throw new OperationError(error.message);
    throw error;
  }
}
