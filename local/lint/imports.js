const classes = {
  regex: "^@pulumi/(aws|kubernetes|random)(/(?!.*\\.js$).*)?$",
  allowTypeImports: true,
  message:
    "The index loads every resource and makes the program start slowly. Import one class from its own file, such as " +
    "@pulumi/kubernetes/apps/v1/statefulSet.js; types may come from anywhere by `import type`.",
};

/** What each folder may not import: data flows from specifications to resources, never back. */
const forbidden = {
  infra: ["stacks", "local", "policies", "app", "bench"],
  stacks: ["local", "policies", "app", "bench"],
  policies: ["infra", "stacks", "local", "app", "bench"],
  app: ["infra", "stacks", "local", "policies", "bench"],
  local: [],
  bench: [],
};

/**
 * The import rules of each folder as ESLint configuration. Tests may import helpers from anywhere.
 *
 * @type {import("eslint").Linter.Config[]}
 */
export const importRules = Object.entries(forbidden).flatMap(([folder, others]) => {
  const direction = {
    regex: `^(\\.\\./)+(${others.join("|")})/`,
    message: `${folder}/ does not import from ${others.join(", ")}: see "Which folder may import which" in CONTRIBUTING.md.`,
  };
  const patterns = others.length > 0 ? [classes, direction] : [classes];
  return [
    {
      files: [`${folder}/**/*.ts`],
      rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns }] },
    },
    {
      files: [`${folder}/**/*.test.ts`, `${folder}/**/testing/**/*.ts`],
      rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns: [classes] }] },
    },
  ];
});
