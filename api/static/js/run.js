// Follows a plan run until it ends, then shows the page anew: the server renders the plan.

const EVERY_MS = 2000;

export async function followRun(runId, words) {
  const box = document.getElementById("run");
  const said = box.querySelector(".run-words");
  const bar = box.querySelector("progress");
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    let run;
    try {
      const answer = await fetch(`/v1/plan-runs/${runId}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) continue;
      run = await answer.json();
    } catch {
      continue; // the network is away for a moment: ask again
    }
    const percent = typeof run.progress === "number" ? run.progress : run.progress?.percent;
    if (typeof percent === "number") bar.value = percent;
    if (run.state === "running") said.textContent = words.sent;
    if (run.state === "queued" || run.state === "running") continue;
    said.textContent = run.state === "done" ? words.planned : words.failed;
    location.reload();
    return;
  }
}
