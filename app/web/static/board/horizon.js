// Coming days: live progress of the run that plans them; when it ends, the page is loaded again.

import { RunWatch } from "./run_watch.js";

const run = document.getElementById("run");
new RunWatch(run, document.getElementById("offline"), run.dataset.progressUrl, () => location.assign(location.pathname));
