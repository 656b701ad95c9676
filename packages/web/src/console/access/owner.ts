/** Provides to whom an address list or a link key belongs: to a school, or for operators to the whole installation. */
import type { Translate } from "../../texts/use-translation.ts";
import type { Field } from "../list/fields-form.tsx";
import { type SchoolScope, schoolQuery } from "../school/school-context.ts";

/** What an operator with a single school sees: also what belongs to no school. */
export function ownedQuery({ isOperator, schools, school }: SchoolScope): { schoolId?: string } {
  return isOperator && schools.length < 2 ? {} : schoolQuery({ school });
}

/** The choice of an operator who looks at a school; none for others. */
export function ownerFields({ isOperator, school }: SchoolScope, t: Translate): readonly Field[] {
  if (!isOperator || !school) return [];
  const options = [
    { value: school.id, label: school.name },
    { value: "installation", label: t("access.installation") },
  ];
  return [{ name: "owner", label: t("access.belongsTo"), required: true, value: school.id, options }];
}

/** The owner that the form names. */
export function ownerOf(owner: string | undefined, scope: SchoolScope): { schoolId?: string } {
  return owner === "installation" ? {} : schoolQuery(scope);
}

/** The name of an owner. @param schoolId null: the installation */
export function ownerName(schoolId: string | null, { schools }: SchoolScope, t: Translate): string {
  return schoolId === null ? t("access.installation") : (schools.find(({ id }) => id === schoolId)?.name ?? schoolId);
}
