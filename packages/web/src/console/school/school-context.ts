/** Which school the console is about. */
import { createContext, useContext } from "react";

export type SchoolName = {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly version: number;
};

export type SchoolScope = {
  readonly isOperator: boolean;
  readonly schools: readonly SchoolName[];
  /** Null: all, for an operator of several. */
  readonly school: SchoolName | null;
  readonly choose: (id: string | null) => void;
};

export const SchoolScopeContext = createContext<SchoolScope>({ isOperator: false, schools: [], school: null, choose: () => {} });

export function useSchoolScope(): SchoolScope {
  return useContext(SchoolScopeContext);
}

/** For questions about one school. */
export function schoolQuery({ school }: SchoolScope): { schoolId?: string } {
  return school ? { schoolId: school.id } : {};
}
