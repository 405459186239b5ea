import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

import { importRules } from "./local/lint/imports.js";
import { noOutputInText } from "./local/lint/no-output-in-text.js";

export default defineConfig(
  { ignores: ["**/node_modules/", "**/.scratch/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "agent-commerce": { rules: { "no-output-in-text": noOutputInText } } },
    rules: {
      "agent-commerce/no-output-in-text": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowNever: true }],
      // Values from JSON are of unknown type; what must never become text is an Output, and that has its own rule.
      "@typescript-eslint/no-base-to-string": "off",
      // Interfaces are taken apart into their functions; none of those uses `this`.
      "@typescript-eslint/unbound-method": "off",
      // An implementation of an asynchronous interface need not wait for anything.
      "@typescript-eslint/require-await": "off",
      // TypeScript reports these itself.
      "@typescript-eslint/no-unused-vars": "off",
    },
  },
  {
    // TypeScript checks these files as well; what they read from JSON and from libraries without types is any.
    files: ["**/*.js", "**/*.mjs", "**/*.test.ts"],
    rules: {
      "no-undef": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  ...importRules,
);
