/** Names of streams, as they stand in addresses: contract "Media addresses". */

const NAME = /^[A-Za-z0-9_-]{1,128}$/;

export function isStreamName(name: string): boolean {
  return NAME.test(name);
}
