import type { Check } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { taskOf } from "../workloads/ecs.ts";
import { containersOf, podOf, type Pod } from "../workloads/kubernetes.ts";
import { boundNames, secretReferences, secretSources } from "../workloads/secret-sources.ts";
import { systemOf } from "../workloads/system.ts";

interface Parameters {
  variables: Record<string, Record<string, string[]>>;
  outside: string[];
}

const SECRET = "aws:secretsmanager/secret:Secret";
const PARAMETER = "aws:ssm/parameter:Parameter";

const words = (text: string) => text.split(" ");

/** What the definitions of the five systems list, by the container of each service; what has a default in code is left out. */
const VARIABLES: Parameters["variables"] = {
  worldstore: {
    "worldstore-agent": words(
      "ANTHROPIC_API_KEY WALLET_KEY ENCRYPTION_KEY CROSSMINT_API_KEY RAILWAY_VOLUME_MOUNT_PATH XMTP_ENV REDIS_URL REDIS_CLUSTER_NODES SERPAPI_API_KEY DATABASE_URL LOG_LEVEL NODE_ENV",
    ),
    "worldstore-server": words("CROSSMINT_API_KEY REDIS_URL REDIS_CLUSTER_NODES DATABASE_URL LOG_LEVEL NODE_ENV"),
  },
  "ecommerce-bot": {
    webhook: words(
      "MCP_CLIENT_POOL_SIZE REDIS_MAX_CONNECTIONS MONGODB_MAX_POOL_SIZE WORKERS ENABLE_PROFILING MONGODB_URI REDIS_URL DATABASE_URL",
    ),
  },
  "arches-ai": {
    "archesai-api": words(
      "NODE_ENV API_PORT API_HOST LOG_LEVEL LOG_FORMAT CORS_ORIGINS DATABASE_URL DB_POOL_MIN DB_POOL_MAX DB_CONNECTION_TIMEOUT DB_IDLE_TIMEOUT REDIS_URL REDIS_MAX_RETRIES REDIS_RETRY_DELAY JWT_SECRET JWT_REFRESH_SECRET JWT_EXPIRY JWT_REFRESH_EXPIRY SESSION_SECRET ENCRYPTION_KEY RATE_LIMIT_WINDOW RATE_LIMIT_MAX_REQUESTS RATE_LIMIT_SKIP_SUCCESSFUL_REQUESTS OPENAI_API_KEY OPENAI_MAX_TOKENS OPENAI_TIMEOUT METRICS_ENABLED METRICS_PORT TRACING_ENABLED TRACING_ENDPOINT SENTRY_DSN",
    ),
  },
  "complete-car-loans": {
    "ccl-app": words(
      "NODE_ENV DATABASE_URL INTERNAL_API_KEY JWT_SECRET SESSION_SECRET MAILGUN_API_KEY MAILGUN_DOMAIN OPENAI_API_KEY CORS_ORIGIN TRUST_PROXY PORT DB_POOL_SIZE RATE_LIMIT_WINDOW_MS RATE_LIMIT_MAX_REQUESTS LOG_LEVEL METRICS_ENABLED NODE_OPTIONS",
    ),
  },
  "retail-brain": {
    "api-gateway": words(
      "POSTGRES_HOST POSTGRES_PORT POSTGRES_DB POSTGRES_USER POSTGRES_PASSWORD REDIS_HOST REDIS_PORT REDIS_PASSWORD API_GATEWAY_PORT API_GATEWAY_API_KEYS RATE_LIMIT_WINDOW_MS RATE_LIMIT_MAX_REQUESTS LOG_LEVEL NODE_ENV",
    ),
    "ai-assistant": words("OLLAMA_URL USE_OLLAMA LLM_MODEL EMBEDDING_MODEL LOG_LEVEL NODE_ENV"),
  },
};

/** A service starts with every variable that it reads, and no name leads nowhere. */
export const secretRefs = definePolicy<Parameters>({
  id: "POL-SECRET-REFS",
  title: "Every variable of the system definition is bound and every referenced secret exists",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { soc2: ["CC8.1"] },
  // prettier-ignore
  requirements: ["WS-SEC-02", "EB-SEC-16", "AR-SEC-15", "AR-SEC-31", "CC-SEC-02", "CC-SEC-04", "CC-SEC-05", "CC-SEC-21", "RB-SEC-26"],
  remediation: "Bind the variable in the specification of the service, or declare the secret that it refers to.",
  parameters: {
    variables: {
      type: "object",
      description: "Variables that a container needs, by system and name of the container.",
      default: VARIABLES,
    },
    outside: {
      type: "array",
      items: { type: "string" },
      description: "Beginnings of names of secrets that exist outside the stack; RDS makes those with rds!.",
      default: ["rds!"],
    },
  },
  checkStack(stack, { variables, outside }) {
    for (const workload of stack.resources) {
      const pod = podOf(workload);
      if (pod) {
        checkReferences(stack, workload, outside);
        checkPod(stack, workload, pod, variables);
      } else if (taskOf(workload)) {
        checkTask(stack, workload, variables, outside);
      }
    }
  },
});

function checkReferences(stack: Stack, workload: StackResource, outside: readonly string[]): void {
  const check = stack.check(workload);
  for (const { namespace, name, key } of secretReferences(check, workload)) {
    const text = textOf(name.value);
    if (!check.known(name) || outside.some((start) => text.startsWith(start))) {
      continue;
    }
    const source = secretSources(stack).find((one) => one.namespace === namespace && one.name === text);
    if (source === undefined) {
      check.object(name, {
        found: `${JSON.stringify(text)}, which nothing of the stack makes in ${namespace}`,
        expected: "a SealedSecret, ExternalSecret, Certificate or Secret of that name",
      });
    } else if (key !== undefined && source.keys !== undefined) {
      check.expect(key, (value) => source.keys?.includes(textOf(value)) === true, {
        expected: `a key of ${text}: ${source.keys.join(", ")}`,
      });
    }
  }
}

function checkPod(stack: Stack, workload: StackResource, pod: Pod, variables: Parameters["variables"]): void {
  const check = stack.check(workload);
  for (const { field } of containersOf(check, pod, ["containers"])) {
    const bound = boundNames(stack, workload, field);
    if (bound !== undefined) {
      expectBound(check, workload, field, "env", bound, variables);
    }
  }
}

function checkTask(
  stack: Stack,
  task: StackResource,
  variables: Parameters["variables"],
  outside: readonly string[],
): void {
  const check = stack.check(task);
  for (const container of taskOf(task)?.containers(check) ?? []) {
    const secrets = check.items(container.get("secrets"));
    const names = [...check.items(container.get("environment")), ...secrets].map((one) =>
      textOf(one.get("name").value),
    );
    if (!container.get("environment").unknown && !container.get("secrets").unknown) {
      expectBound(check, task, container, "secrets", new Set(names), variables);
    }
    for (const secret of secrets.map((one) => one.get("valueFrom"))) {
      check.expect(secret, (value) => exists(stack, textOf(value), outside), {
        found: "a secret that nothing of the stack makes",
        expected: "the ARN of a secret or parameter of the stack",
      });
    }
  }
}

/** What is no ARN of a store is another policy's concern. */
function exists(stack: Stack, arn: string, outside: readonly string[]): boolean {
  const [, service, id = ""] =
    /^arn:[^:]*:(secretsmanager|ssm):[^:]*:[^:]*:(?:secret:|parameter)([^:]+)/.exec(arn) ?? [];
  if (service === undefined || outside.some((start) => id.replace(/^\//, "").startsWith(start))) {
    return true;
  }
  const known = service === "ssm" ? stack.index.ofType(PARAMETER) : stack.index.ofType(SECRET);
  return known.some(({ properties }) => {
    const name = properties.get("name");
    const text = textOf(name.value);
    return name.unknown || [id, id.replace(/^\//, ""), id.replace(/-[A-Za-z0-9]{6}$/, "")].includes(text);
  });
}

/** The lists of the workload's system; of every system when it names none. */
function expectBound(
  check: Check,
  workload: StackResource,
  container: Field,
  key: string,
  bound: ReadonlySet<string>,
  variables: Parameters["variables"],
): void {
  const system = systemOf(workload);
  const tables = system === undefined ? Object.values(variables) : [variables[system] ?? {}];
  const name = textOf(container.get("name").value);
  const wanted = tables.flatMap((table) => (Object.hasOwn(table, name) ? (table[name] ?? []) : []));
  const missing = wanted.filter((variable) => !bound.has(variable));
  if (missing.length > 0) {
    check.object(container.get(key), {
      found: `no ${missing.join(", ")}`,
      expected: "every variable that the definition of the system lists",
    });
  }
}
