/** Shows the drawer that moves people from a course to another one of the school. */

import type { Member } from "@lectern/client";
import { Button, Drawer } from "@lectern/ui";
import { Select } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { runBatch } from "../list/run-batch.ts";
import { useChangeToast } from "../list/use-change-toast.ts";
import { MEMBERS_KEY, putMember, removeMember, type ShownCourse } from "./members.ts";

type MovePeopleProps = { readonly course: ShownCourse; readonly members: readonly Member[]; readonly onClose: () => void };

export function MovePeople({ course, members, onClose }: MovePeopleProps) {
  const { t } = useTranslation();
  const [target, setTarget] = useState<string | null>(null);
  const others = useOtherCourses(course);
  const chosen = others?.find(({ value }) => value === target);
  const { move, error, isMoving } = useMove(course, members, onClose);
  return (
    <Drawer title={t("course.moveTitle", { count: members.length })} closeLabel={t("close")} onClose={onClose}>
      <div className="fields-form">
        <Select
          label={t("course.moveTo")}
          description={t("course.moveHint")}
          searchable
          required
          data={[...(others ?? [])]}
          value={target}
          onChange={setTarget}
        />
        {others?.length === 0 ? <p className="text-muted">{t("course.noOtherCourse")}</p> : null}
        {error ? (
          <p className="error-box" role="alert">
            {t("failed", { message: error })}
          </p>
        ) : null}
        <div className="form-end">
          <Button kind="primary" disabled={!chosen || isMoving} onClick={() => chosen && void move(chosen.value, chosen.label)}>
            {t("course.move")}
          </Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </div>
      </div>
    </Drawer>
  );
}

function useOtherCourses({ id, schoolId }: ShownCourse) {
  const courses = useQuery({
    queryKey: ["courses", "all", { schoolId }],
    queryFn: () => unwrap(api().GET("/api/v1/courses", { params: { query: { schoolId, limit: 1000 } } })),
  });
  return courses.data?.items.filter((course) => course.id !== id).map(({ id: value, name: label }) => ({ value, label }));
}

function useMove(course: ShownCourse, members: readonly Member[], onClose: () => void) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const tell = useChangeToast();
  const [error, setError] = useState("");
  const [isMoving, setMoving] = useState(false);
  // In the new course first: who stays somewhere after a failure is in both, and is not lost.
  const transfer = (from: string, to: string, people: readonly Member[]) =>
    runBatch(
      people,
      async (member) => {
        await putMember(to, member);
        await removeMember(from, member);
      },
      () => {},
    );
  const refresh = () => client.invalidateQueries({ queryKey: [MEMBERS_KEY] });
  const move = async (to: string, name: string): Promise<void> => {
    setMoving(true);
    const { succeeded, error: failure } = await transfer(course.id, to, members);
    setMoving(false);
    await refresh();
    if (failure !== null) return setError(errorMessage(failure, t("offline")));
    tell(t("course.moved", { count: succeeded.length, course: name }), async () => {
      await transfer(to, course.id, succeeded);
      await refresh();
    });
    onClose();
  };
  return { move, error, isMoving };
}
