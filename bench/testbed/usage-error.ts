/** Provides an error in the command line: the program prints its message without a stack and exits with 2. */
export class UsageError extends Error {}
