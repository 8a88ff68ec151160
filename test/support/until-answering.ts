/** Waits until a server answers, whatever it says. @throws {Error} when its process ends instead */
export async function untilAnswering(url: string, app: { exitCode: number | null }): Promise<void> {
  for (;;) {
    if (app.exitCode !== null) throw new Error(`The application ended with exit code ${app.exitCode}`);
    const answered = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
