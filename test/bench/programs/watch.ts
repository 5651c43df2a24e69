/** Loaded into a process of the site: says at SIGUSR2 how much memory and patience it takes. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

process.on('SIGUSR2', () => {
  const watched = {
    memory: process.memoryUsage().rss / 2 ** 20,
    peak: process.resourceUsage().maxRSS / 2 ** 10,
    delay: delay.percentile(99) / 1e6,
  };
  console.log(`watched ${JSON.stringify(watched)}`);
  delay.reset();
});
