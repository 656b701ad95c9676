/**
 * Defines the functions of `node:http`. An ES module that imports `node:http` evaluates all its exports, and those for web sockets load undici: 80 ms
 * of CPU and 15 MB in each process, for nothing.
 */
export const { Agent, createServer, get, request, STATUS_CODES } = process.getBuiltinModule("node:http");
