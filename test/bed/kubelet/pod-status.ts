import type { Container, Pod } from './pod';

/** How the process that plays a pod's containers is doing. */
export type PlayState =
  | { readonly waiting: string; readonly message?: string }
  | { readonly runningSince: string }
  | { readonly exitCode: number; readonly startedAt: string; readonly finishedAt: string };

export interface PodPlay {
  readonly ip: string;
  readonly startTime: string;
  readonly state: PlayState;
  readonly restarts: number;
  /** Whether its start-up probe has passed, if there is one. */
  readonly started: boolean;
  readonly ready: boolean;
  /** Since when the pod is ready, or is not. */
  readonly readyChangedAt: string;
}

/** Whether a pod that is played like this takes requests. */
export function playsReady({ state, ready }: Pick<PodPlay, 'state' | 'ready'>): boolean {
  return 'runningSince' in state && ready;
}

/** The status of a pod, as a kubelet writes it; all containers share one process and so one state. */
export function podStatus(pod: Pod, play: PodPlay): object {
  const ready = playsReady(play);
  return {
    phase: phaseOf(play.state),
    hostIP: '127.0.0.1',
    podIP: play.ip,
    podIPs: [{ ip: play.ip }],
    startTime: play.startTime,
    conditions: [
      condition('Initialized', true, play.startTime),
      condition('ContainersReady', ready, play.readyChangedAt),
      condition('Ready', ready, play.readyChangedAt),
    ],
    initContainerStatuses: (pod.spec.initContainers ?? []).map((container) =>
      container.restartPolicy === 'Always'
        ? containerStatus(container, play)
        : finishedStatus(container, play.startTime),
    ),
    containerStatuses: pod.spec.containers.map((container) => containerStatus(container, play)),
  };
}

function phaseOf(state: PlayState): string {
  if ('runningSince' in state) return 'Running';
  if ('exitCode' in state) return state.exitCode === 0 ? 'Succeeded' : 'Failed';
  return state.waiting === 'ContainerCreating' ? 'Pending' : 'Running';
}

/** @param since - what `minReadySeconds` counts from. */
function condition(type: string, holds: boolean, since: string): object {
  const status = holds ? 'True' : 'False';
  const reason = holds ? {} : { reason: 'ContainersNotReady' };
  return { type, status, lastTransitionTime: since, ...reason };
}

function containerStatus(
  container: Container,
  { state, ready, started, restarts }: PodPlay,
): object {
  const running = 'runningSince' in state;
  return {
    ...names(container),
    ready: running && ready,
    started: running && started,
    restartCount: restarts,
    state: kubernetesState(state),
  };
}

function kubernetesState(state: PlayState): object {
  if ('runningSince' in state) return { running: { startedAt: state.runningSince } };
  if ('waiting' in state) {
    return { waiting: { reason: state.waiting, ...(state.message && { message: state.message }) } };
  }
  const reason = state.exitCode === 0 ? 'Completed' : 'Error';
  return { terminated: { ...state, reason } };
}

function finishedStatus(container: Container, at: string): object {
  const terminated = { exitCode: 0, reason: 'Completed', startedAt: at, finishedAt: at };
  return {
    ...names(container),
    ready: true,
    started: false,
    restartCount: 0,
    state: { terminated },
  };
}

function names({ name, image }: Container): object {
  return { name, image, imageID: image, containerID: `process://${name}` };
}
