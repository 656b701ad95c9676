/** Shows the drawer that adds people to a course: by a search, or from a pasted list whose wrong lines are said and stay to be corrected. */

import type { AddedMembers } from "@lectern/client";
import { Button, Drawer } from "@lectern/ui";
import { Select, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useMatches } from "../../invited/use-invited.ts";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { runBatch } from "../list/run-batch.ts";
import { useChangeToast } from "../list/use-change-toast.ts";
import { MEMBERS_KEY, memberRole, removeMember, type ShownCourse, useMemberRoles } from "./members.ts";
import { MAX_PASTED, pastedPeople } from "./pasted-list.ts";

/** Members that the search marks as such. */
const MAX_MEMBERS = 1000;

type AddPeopleProps = { readonly course: ShownCourse; readonly onClose: () => void };

export function AddPeople({ course, onClose }: AddPeopleProps) {
  const { t } = useTranslation();
  const roles = useMemberRoles();
  const [role, setRole] = useState<string | null>(null);
  const [list, setList] = useState("");
  const { add, isPending, error, last } = useAdding(course, memberRole(role ?? ""), (refused) => setList(refused.join("\n")));
  const people = pastedPeople(list);
  return (
    <Drawer title={t("course.addPeople")} closeLabel={t("close")} onClose={onClose}>
      <div className="fields-form add-people">
        <Search course={course} isPending={isPending} onAdd={(login) => add([login])} />
        <Select
          label={t("course.roleHere")}
          placeholder={t("course.anyRole")}
          clearable
          data={[...roles]}
          value={role}
          onChange={setRole}
        />
        <Textarea
          label={t("course.paste")}
          description={t("course.pasteHint")}
          autosize
          minRows={4}
          maxRows={12}
          spellCheck={false}
          value={list}
          onChange={(event) => setList(event.target.value)}
        />
        {error ? (
          <p className="error-box" role="alert">
            {t("failed", { message: errorMessage(error, t("offline")) })}
          </p>
        ) : null}
        {last ? <Added last={last} /> : null}
        <div className="form-end">
          <Button
            kind="primary"
            disabled={people.length === 0 || people.length > MAX_PASTED || isPending}
            onClick={() => add(people)}
          >
            {t("course.addList")}
          </Button>
          <Button onClick={onClose}>{t("close")}</Button>
        </div>
      </div>
    </Drawer>
  );
}

/** @param onRefused with the entries that added nobody */
function useAdding(course: ShownCourse, role: ReturnType<typeof memberRole>, onRefused: (entries: readonly string[]) => void) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const tell = useChangeToast();
  const refresh = () => client.invalidateQueries({ queryKey: [MEMBERS_KEY] });
  const path = { courseId: course.id };
  const adding = useMutation({
    mutationFn: (people: readonly string[]) => {
      const body = { people: [...people], ...(role ? { role } : {}) };
      return unwrap(api().POST("/api/v1/courses/{courseId}/members", { params: { path }, body }));
    },
    onSuccess: ({ added, refused }, people) => {
      if (people.length > 1 || refused.length > 0) onRefused(refused.map(({ entry }) => entry));
      if (added.length === 0) return;
      tell(t("course.added", { count: added.length }), async () => {
        await runBatch(
          added,
          (member) => removeMember(course.id, member),
          () => {},
        );
        await refresh();
      });
    },
    onSettled: refresh,
  });
  return { add: adding.mutate, isPending: adding.isPending, error: adding.error, last: adding.data ?? null };
}

type SearchProps = { readonly course: ShownCourse; readonly isPending: boolean; readonly onAdd: (login: string) => void };

function Search({ course, isPending, onAdd }: SearchProps) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const { people, hasMore, isDone } = useMatches(course, text);
  const members = useQuery({
    queryKey: [MEMBERS_KEY, course.id, "ids"],
    queryFn: async () => {
      const params = { path: { courseId: course.id }, query: { limit: MAX_MEMBERS } };
      const { items } = await unwrap(api().GET("/api/v1/courses/{courseId}/members", { params }));
      return items.map(({ userId }) => userId);
    },
  });
  const known = new Set(members.data);
  return (
    <div>
      <TextInput
        type="search"
        label={t("course.searchPeople")}
        autoComplete="off"
        maxLength={100}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <ul className="person-matches" aria-label={t("course.searchPeople")}>
        {people.map(({ userId, name, login }) => (
          <li key={userId}>
            <span>
              {name} <small className="text-muted">{login}</small>
            </span>
            {known.has(userId) ? (
              <small className="text-muted">{t("course.isMember")}</small>
            ) : (
              <Button aria-label={`${t("course.addOne")}: ${name} (${login})`} disabled={isPending} onClick={() => onAdd(login)}>
                {t("course.addOne")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <p role="status" className="text-muted">
        {isDone && hasMore ? t("course.moreMatch") : isDone && people.length === 0 ? t("course.noMatch") : ""}
      </p>
    </div>
  );
}

function Added({ last: { added, present, refused } }: { readonly last: AddedMembers }) {
  const { t } = useTranslation();
  return (
    <>
      <p role="status">
        {added.length > 0 || refused.length === 0 ? t("course.added", { count: added.length }) : ""}{" "}
        {present > 0 ? t("course.present", { count: present }) : ""}
      </p>
      {refused.length > 0 ? (
        <div className="error-box" role="alert">
          <strong>{t("course.notAdded")}</strong>
          <ul className="refused-lines">
            {refused.map(({ entry, message }) => (
              <li key={entry}>
                <b>{entry}</b>: {message}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </>
  );
}
