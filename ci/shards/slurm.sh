#!/usr/bin/env bash
# Shards as a job array of Slurm, on a cluster of one node that lives as long as this script.
#   ci/shards/slurm.sh DIALTONE
source "$(dirname "$0")/common.sh"
PATH=$PATH:/usr/sbin
need slurmctld slurmctld
need slurmd slurmd
need sbatch slurm-client
need munged munge

# free_port: one that nobody listens on now.
free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# start NAME COMMAND...: in the background; what it prints is shown where something fails.
start() {
  "${@:2}" >"$work/$1.out" 2>&1 &
  started+=($!)
}

# give_up TEXT: with what the daemons say.
give_up() {
  tail -n 20 "$work"/*.out "$work"/*.log >&2 || true
  die "$1"
}

mkdir -m 700 "$work/munge" "$work/state" "$work/spool"
socket=$work/munge/socket
(umask 077 && head -c 1024 /dev/urandom >"$work/munge/key")
start munged munged --foreground --force --key-file "$work/munge/key" --socket "$socket" \
  --pid-file "$work/munge/pid" --log-file "$work/munge/log" --seed-file "$work/munge/seed"
await 60 test -S "$socket" || give_up "munged does not start"

user=$(id -un)
node=$(uname -n)
# No cgroups and no accounting: this must run in a container.
cat >"$work/slurm.conf" <<END
ClusterName=dialtone
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerType=sched/builtin
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
NodeName=$node NodeAddr=127.0.0.1 CPUs=$(nproc)
PartitionName=all Nodes=$node Default=YES State=UP
END
export SLURM_CONF=$work/slurm.conf
start slurmctld slurmctld -D -f "$SLURM_CONF"
start slurmd slurmd -D -f "$SLURM_CONF" -N "$node"
is_idle() { [[ $(sinfo --noheader --format %t 2>/dev/null) == idle ]]; }
await 120 is_idle || give_up "the node does not become idle"

# run_array ARRAY: the shards as that array's tasks, their logs in $work/logs.
run_array() {
  rm -rf "$work/logs"
  mkdir "$work/logs"
  sbatch --quiet --wait --array="$1" --output="$work/task-%a.out" --chdir="$work" \
    --export=ALL --wrap="\"$dialtone\" run \"$suites\" --quiet --shard auto \
      --report \"ndjson=$work/logs/\$SLURM_ARRAY_TASK_ID.ndjson\"" ||
    give_up "a task of the array $1 failed"
  compare_with_whole "$work"/logs/*.ndjson
}
run_array 1-4
run_array 0-4:2
