/** Shows when each participant was in the class, as a table and as a file. */
import { Table } from "@lectern/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { saveCsv } from "../../downloads/save-csv.ts";
import { api, unwrap } from "../../session/api.ts";
import { shownName } from "../../texts/shown-name.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { lessonId, lessonPath } from "../lesson/lesson-api.ts";
import { useTeacherRoom } from "./teacher-room.ts";

/** A longer table is for a spreadsheet. */
const MAX_ROWS = 1000;
const REFETCH_MS = 5000;

/** @param isLive whether it changes still; when it ends, it is read once more */
export function useAttendance(isWanted: boolean, isLive: boolean) {
  return useQuery({
    queryKey: ["attendance", isLive],
    queryFn: () =>
      unwrap(api().GET("/api/v1/lessons/{lessonId}/attendance", { params: { path: { lessonId }, query: { limit: MAX_ROWS } } })),
    enabled: isWanted,
    placeholderData: (before) => before,
    ...(isLive ? { refetchInterval: REFETCH_MS } : {}),
  });
}

/** @param isOpen at first */
export function Attendance({ isOpen: opensFirst }: { readonly isOpen: boolean }) {
  const { t } = useTranslation();
  const { setNotice } = useTeacherRoom();
  const [isOpen, setOpen] = useState(opensFirst);
  const save = async (): Promise<void> => {
    try {
      const text: string = await unwrap(
        api().GET("/api/v1/lessons/{lessonId}/attendance/export", { ...lessonPath, parseAs: "text" }),
      );
      saveCsv("attendance.csv", text);
    } catch {
      setNotice({ text: t("room.failed"), isFailure: true, undo: null });
    }
  };
  return (
    <details className="attendance" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("room.attendance")}</summary>
      {isOpen ? <AttendanceTable /> : null}
      <button type="button" className="button small" onClick={() => void save()}>
        {t("room.saveCsv")}
      </button>
    </details>
  );
}

function AttendanceTable() {
  const { t, i18n } = useTranslation();
  const { isOver } = useTeacherRoom();
  const attendance = useAttendance(true, true);
  const time = (iso: string | null) =>
    iso === null ? "" : new Intl.DateTimeFormat(i18n.language, { timeStyle: "short" }).format(new Date(iso));
  if (!attendance.data) return <p role="status">{attendance.error ? t("room.failed") : t("room.loading")}</p>;
  const { items } = attendance.data;
  type Row = (typeof items)[number];
  return (
    <Table
      label={t("room.attendance")}
      columns={[
        { label: t("room.student"), cell: ({ name }) => shownName(name, t("room.erasedPerson")) },
        { label: t("room.from"), cell: ({ status, firstAt }) => (status === "absent" ? t("room.absent") : time(firstAt)) },
        { label: t("room.until"), cell: ({ inRoom, lastAt }) => (inRoom && !isOver ? t("room.stillHere") : time(lastAt)) },
        { label: t("room.minutesPresent"), cell: ({ seconds }) => Math.round(seconds / 60) },
        ...(items.some(({ signins }) => signins.length > 0)
          ? [{ label: t("room.signIn"), cell: ({ signins }: Row) => (signins.length > 0 ? signins.length : "") }]
          : []),
        ...(items.some(({ stars }) => stars > 0)
          ? [{ label: t("room.tools.stars"), cell: ({ stars }: Row) => (stars > 0 ? stars : "") }]
          : []),
      ]}
      rows={items}
      keyOf={({ id }) => id}
    />
  );
}
