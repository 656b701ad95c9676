/** Makes a list of the few networks of a rule, at once. Long lists are compiled in a thread (`compile-addresses.ts`). */
import { lineReader } from "./address-lines.ts";
import { AddressRanges } from "./address-ranges.ts";
import { RangeCollector } from "./range-collector.ts";

/** Some hundred microseconds. */
const MAX_FEW = 1000;

/**
 * @param networks addresses and networks, at most a thousand
 * @throws RangeError that names what is neither, or where there are too many
 */
export function fewAddresses(networks: readonly string[]): AddressRanges {
  if (networks.length > MAX_FEW) throw new RangeError(`more than ${MAX_FEW} networks`);
  const ranges = new RangeCollector();
  const read = lineReader(
    (version, range) => ranges.add(version, range),
    ({ text }) => {
      throw new RangeError(`"${text}" is neither an address nor a network`);
    },
  );
  for (const network of networks) read(network, false);
  return AddressRanges.sorted(ranges.finish().bytes);
}
