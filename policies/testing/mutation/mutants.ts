import ts from "typescript";

/** A change of one place of a file that a test should notice. */
export interface Mutant {
  line: number;
  /** What stood there, and what stands there now. */
  before: string;
  after: string;
  /** The whole file with the change. */
  text: string;
}

/** Texts for people and the schemas of parameters: what they say is not what the rule does. */
const UNJUDGED = new Set([
  ...["id", "title", "severity", "level", "targets", "controls", "requirements", "remediation", "link", "exemptable"],
  ...["description", "expected", "fix", "type", "items", "minimum", "maximum", "enum"],
]);

const OPERATORS = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, "!=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, "==="],
  [ts.SyntaxKind.LessThanToken, "<="],
  [ts.SyntaxKind.LessThanEqualsToken, "<"],
  [ts.SyntaxKind.GreaterThanToken, ">="],
  [ts.SyntaxKind.GreaterThanEqualsToken, ">"],
  [ts.SyntaxKind.AmpersandAmpersandToken, "||"],
  [ts.SyntaxKind.BarBarToken, "&&"],
  [ts.SyntaxKind.PlusToken, "-"],
  [ts.SyntaxKind.MinusToken, "+"],
  [ts.SyntaxKind.AsteriskToken, "/"],
  [ts.SyntaxKind.SlashToken, "*"],
]);

const METHODS = new Map([
  ["some", "every"],
  ["every", "some"],
  ["startsWith", "endsWith"],
  ["endsWith", "startsWith"],
]);

/** Every mutant of a TypeScript file: operators, constants and branches. */
export function mutantsOf(text: string): Mutant[] {
  const file = ts.createSourceFile("rule.ts", text, ts.ScriptTarget.Latest, true);
  const mutants: Mutant[] = [];
  const replace = (node: ts.Node, after: string) => {
    const [start, end] = [node.getStart(file), node.getEnd()];
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    mutants.push({ line, before: text.slice(start, end), after, text: text.slice(0, start) + after + text.slice(end) });
  };
  const visit = (node: ts.Node): void => {
    if (isUnjudged(node)) return;
    changes(node, file).forEach(([place, after]) => replace(place, after));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return mutants;
}

function isUnjudged(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeNode(node)) return true;
  return ts.isTypeAliasDeclaration(node) || (ts.isPropertyAssignment(node) && UNJUDGED.has(node.name.getText()));
}

/** The places to change for one node, each with its new text. */
function changes(node: ts.Node, file: ts.SourceFile): [ts.Node, string][] {
  const text = (part: ts.Node) => part.getText(file);
  if (ts.isBinaryExpression(node)) {
    const { left, operatorToken } = node;
    if (operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) return [[node, text(left)]];
    const other = OPERATORS.get(operatorToken.kind);
    return other === undefined ? [] : [[operatorToken, other]];
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    return [[node, text(node.operand)]];
  }
  if (ts.isConditionalExpression(node)) return both(node.condition);
  if (ts.isIfStatement(node)) return both(node.expression);
  if (ts.isExpressionStatement(node)) return [[node, ";"]];
  if (ts.isCallExpression(node)) return call(node, text);
  if (ts.isArrayLiteralExpression(node)) return node.elements.length === 0 ? [] : [[node, "[]"]];
  return constant(node, text);
}

function both(condition: ts.Expression): [ts.Node, string][] {
  return [
    [condition, "true"],
    [condition, "false"],
  ];
}

function call({ expression, parent }: ts.CallExpression, text: (part: ts.Node) => string): [ts.Node, string][] {
  if (!ts.isPropertyAccessExpression(expression)) return [];
  const { name, expression: receiver } = expression;
  if (name.text === "filter") return [[expression.parent, text(receiver)]];
  const other = METHODS.get(name.text);
  return other === undefined || parent === undefined ? [] : [[name, other]];
}

function constant(node: ts.Node, text: (part: ts.Node) => string): [ts.Node, string][] {
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [[node, "false"]];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [[node, "true"]];
  if (ts.isNumericLiteral(node)) return [[node, String(Number(node.text) + 1)]];
  if (ts.isStringLiteral(node) && !isName(node)) return [[node, '"mutated"']];
  if (!ts.isRegularExpressionLiteral(node)) return [];
  const [whole, flags] = [text(node), text(node).slice(text(node).lastIndexOf("/"))];
  const source = whole.slice(1, whole.lastIndexOf("/"));
  const loose = [source.replace(/^\^/, ""), source.replace(/(?<!\\)\$$/, "")].filter((other) => other !== source);
  return ["(?!)", ...loose].map((other) => [node, `/${other}${flags}`]);
}

/** Whether the text is the key of a property, or stands in where the type says that nothing could be. */
function isName(node: ts.StringLiteral): boolean {
  const { parent, text } = node;
  return (ts.isPropertyAssignment(parent) && parent.name === node) || (ts.isBindingElement(parent) && text === "");
}
