/** Whether a GET is answered with a status of success; not, where nobody answers. */
export async function answersOk(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
