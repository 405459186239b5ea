// Loaded before a plugin's own code. A signal ends Node at once, and then what it compiled is not kept for the next
// start; an orderly exit keeps it.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(0));
