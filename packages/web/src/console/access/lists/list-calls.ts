/** Creates and changes address lists: the list itself, and its entries in calls of their own. */
import type { AddressList } from "@lectern/client";
import { api, unwrap } from "../../../session/api.ts";
import type { Values } from "../../list/fields-form.tsx";
import { type ChosenFile, sourceSettings } from "./address-list-form.tsx";

const PATH = "/api/v1/address-lists/{listId}";

const pathOf = ({ id }: Pick<AddressList, "id">) => ({ path: { listId: id } });

/** A list whose entries are refused is not left behind empty. @throws ApiError */
export async function createList(owner: { schoolId?: string }, values: Values, file: ChosenFile): Promise<AddressList> {
  const { name = "", source } = values;
  const of = source === "url" ? "url" : source === "file" ? "file" : "entries";
  const body = { ...owner, name: name.trim(), source: of, ...sourceSettings(source, values) } as const;
  const list = await unwrap(api().POST("/api/v1/address-lists", { body }));
  if (of !== "entries" || file.current === null) return list;
  try {
    return await upload(list, file);
  } catch (failure) {
    await unwrap(api().DELETE(PATH, { params: pathOf(list) }));
    throw failure;
  }
}

/** The list afterwards, and the entries to remove that it did not have. @throws ApiError */
export async function changeList(
  list: AddressList,
  values: Values,
  file: ChosenFile,
): Promise<{ readonly after: AddressList; readonly notFound: readonly string[] }> {
  const { name = "" } = values;
  const params = { ...pathOf(list), header: { "If-Match": `"v${list.version}"` } };
  const body = { name: name.trim(), ...sourceSettings(list.source, values) };
  const changed = await unwrap(api().PATCH(PATH, { params, body }));
  const replaced = file.current === null ? changed : await upload(list, file);
  const [add, remove] = [entriesOf(values["add"]), entriesOf(values["remove"])];
  if (add.length + remove.length === 0) return { after: replaced, notFound: [] };
  const { list: after, notFound } = await unwrap(
    api().POST("/api/v1/address-lists/{listId}/entries", { params: pathOf(list), body: { add, remove } }),
  );
  return { after, notFound };
}

export function deleteList(list: AddressList): Promise<unknown> {
  return unwrap(api().DELETE(PATH, { params: pathOf(list) }));
}

async function upload(list: AddressList, file: ChosenFile): Promise<AddressList> {
  const text = (await file.current?.text()) ?? "";
  return await unwrap(
    api().PUT("/api/v1/address-lists/{listId}/entries", {
      params: pathOf(list),
      body: text,
      bodySerializer: (body: string) => body,
      headers: { "content-type": "text/plain" },
    }),
  );
}

function entriesOf(text = ""): string[] {
  return text.split(/\s+/).filter((entry) => entry !== "");
}
