/** Divides the class into groups: by number, by size, by choice, by hand, by a list, or as last time. */
import { MAX_GROUP_SIZE, MAX_GROUPS } from "@lectern/room";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { readGroupList } from "./group-list.ts";
import { useTeacherRoom } from "./teacher-room.ts";
import { useStudents } from "./use-groups.ts";

const WAYS = ["number", "size", "choice", "empty", "list", "kept"] as const;
type Way = (typeof WAYS)[number];

type DivideFormProps = {
  /** There are groups already. */
  readonly isAgain: boolean;
  readonly onDone?: () => void;
};

export function DivideForm({ isAgain, onDone }: DivideFormProps) {
  const { t } = useTranslation();
  const { act, setNotice } = useTeacherRoom();
  const students = useStudents();
  const id = useId();
  const [way, setWay] = useState<Way>("number");
  const [number, setNumber] = useState("4");
  const [list, setList] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const choose = (value: string): void => setWay(WAYS.find((one) => one === value) ?? "number");
  const divide = async (): Promise<boolean> => {
    if (way === "kept") return await act("group", { action: "divide", how: "kept" });
    if (way !== "list") return await act("group", { action: "divide", how: way, number: Number(number) });
    const read = readGroupList(
      list,
      students.map(({ person, name }) => ({ id: person, name })),
    );
    if (read.count === 0 || !(await act("group", { action: "divide", how: "empty", number: read.count }))) return false;
    for (const [i, people] of read.groups.entries())
      if (people.length > 0 && !(await act("group", { action: "move", people, group: i + 1 }))) return false;
    const { unknown } = read;
    const names = unknown.slice(0, 10).join(", ");
    if (unknown.length > 0)
      setNotice({ text: t("division.unknown", { count: unknown.length, names }), isFailure: false, undo: null });
    return true;
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setIsBusy(true);
    void divide().then((isDone) => {
      setIsBusy(false);
      if (isDone) onDone?.();
    });
  };
  return (
    <form className="divide-form" onSubmit={submit}>
      <div className="stacked">
        <label htmlFor={`${id}-way`}>{t("division.how")}</label>
        <select id={`${id}-way`} value={way} onChange={(event) => choose(event.target.value)}>
          {WAYS.map((one) => (
            <option key={one} value={one}>
              {t(`division.${one}`)}
            </option>
          ))}
        </select>
      </div>
      {way === "list" ? (
        <div className="stacked">
          <label htmlFor={`${id}-list`}>{t("division.listLabel")}</label>
          <textarea id={`${id}-list`} rows={5} required value={list} onChange={(event) => setList(event.target.value)} />
        </div>
      ) : null}
      {way === "list" || way === "kept" ? null : (
        <div className="stacked">
          <label htmlFor={`${id}-number`}>{t(way === "size" ? "division.people" : "division.groups")}</label>
          <input
            id={`${id}-number`}
            type="number"
            required
            min={1}
            max={way === "size" ? MAX_GROUP_SIZE : MAX_GROUPS}
            step={1}
            value={number}
            onChange={(event) => setNumber(event.target.value)}
          />
        </div>
      )}
      <button type="submit" className="button small primary" disabled={isBusy}>
        {t(isAgain ? "division.again" : "division.divide")}
      </button>
    </form>
  );
}
