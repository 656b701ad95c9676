/** Provides the address lists and link keys that rules can name, as options of a form and by their ids. */
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../../session/api.ts";
import type { Option } from "../../list/filters.tsx";

const LIMIT = 1000;

export type NamedThings = {
  readonly lists: readonly Option[];
  readonly keys: readonly Option[];
  readonly names: ReadonlyMap<string, string>;
};

/** @param schoolId whose things a policy can name; null: the installation's. The names are of all that the person sees */
export function useNamedThings(schoolId: string | null): NamedThings {
  const things = useQuery({
    queryKey: ["named things"],
    queryFn: async () => {
      const params = { params: { query: { limit: LIMIT } } };
      const [lists, keys] = await Promise.all([
        unwrap(api().GET("/api/v1/address-lists", params)),
        unwrap(api().GET("/api/v1/link-keys", params)),
      ]);
      return { lists: lists.items, keys: keys.items };
    },
  });
  const { lists = [], keys = [] } = things.data ?? {};
  // An operator's own lists may be in a school's policy, too.
  const usable = (items: readonly { readonly id: string; readonly name: string; readonly schoolId: string | null }[]) =>
    items
      .filter((item) => item.schoolId === null || item.schoolId === schoolId)
      .map(({ id, name }) => ({ value: id, label: name }));
  return {
    lists: usable(lists),
    keys: usable(keys),
    names: new Map([...lists, ...keys].map(({ id, name }) => [id, name])),
  };
}
