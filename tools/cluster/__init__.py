"""A simulated Kubernetes cluster, seen through kube-state-metrics.

spec.py        what a user asks for: templates, strategies, how percentages round
chance.py      what differs from one run to the next
pod.py         one pod's life: scheduled, started, ready, crashed, terminating
resource.py    what has a spec, a status and pods, whatever its kind
replicaset.py  keeps so many pods of one template
deployment.py  the Deployment object and what kubectl does to it
controller.py  the Deployment controller: rolling updates, Recreate, proportional scaling
status.py      its counters, conditions and progress deadline
cluster.py     all of it in virtual time
workload.py    what the kinds with revisions have in common; statefulset.py, daemonset.py, argo.py:
               each controller, and its exposition
command.py     the same as lines of text: `rollout cms/web image=v2`
metrics.py     kube-state-metrics' exposition
server.py      /metrics and /control on a loopback port

Time is virtual: Cluster.step(seconds) moves it, exactly and however large the step. Nothing reads a
clock but server.py.
"""
