/** Provides the address of a school's logo. It changes with the picture, so that browsers may keep it. */

/** Null where the school has none. */
export function logoAddress({ id, logo }: { readonly id: string; readonly logo: string | null }): string | null {
  return logo && `/api/v1/schools/${id}/logo?v=${logo}`;
}
