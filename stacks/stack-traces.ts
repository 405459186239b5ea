/**
 * Types are stripped in place, so a stack trace is right without source maps. The SDK's runner installs them all the
 * same and then maps each of the many traces that it keeps for debugging, a good part of a program's time.
 */
Reflect.deleteProperty(Error, "prepareStackTrace");
