const message =
  "An Output is not text yet: here it would become a sentence about Outputs instead of its value. " +
  "Write pulumi.interpolate`...` or output.apply((value) => ...).";

/**
 * Whether a value of this type may be a Pulumi Output.
 *
 * @param {import("typescript").Type} type
 * @returns {boolean}
 */
function mayBeOutput(type) {
  if (type.isUnionOrIntersection()) return type.types.some(mayBeOutput);
  return type.symbol?.name === "OutputInstance" && type.getProperty("apply") !== undefined;
}

/**
 * Refuses Outputs, and Inputs that may be Outputs, where JavaScript turns values into text: template literals, "+",
 * String(), and toString().
 *
 * @type {import("eslint").Rule.RuleModule}
 */
export const noOutputInText = {
  meta: { type: "problem", schema: [], messages: { output: message } },
  create(context) {
    const { getTypeAtLocation } = context.sourceCode.parserServices;
    /** @param {import("estree").Node} node */
    const check = (node) => {
      if (mayBeOutput(getTypeAtLocation(node))) context.report({ node, messageId: "output" });
    };
    return {
      TemplateLiteral(node) {
        if (node.parent.type !== "TaggedTemplateExpression") node.expressions.forEach(check);
      },
      BinaryExpression({ operator, left, right }) {
        if (operator !== "+") return;
        check(left);
        check(right);
      },
      AssignmentExpression({ operator, right }) {
        if (operator === "+=") check(right);
      },
      CallExpression({ callee, arguments: given }) {
        if (callee.type === "Identifier" && callee.name === "String") given.forEach(check);
        if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return;
        if (callee.property.name === "toString") check(callee.object);
      },
    };
  },
};
