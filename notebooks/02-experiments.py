# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Experiments: compare, sweep, decide
#
# What differs between two worlds, how surely, and why; what matters; what to change first. A short run here, so that the
# notebook is quick: leave `SHORT` out, and take more replications, to study the corridor.

# %%
import sim

SHORT = {"run.run_length": "60 d", "run.warm_up": "20 d", "run.drain": "40 d"}
base = sim.load("baseline").replace(SHORT)

# %% [markdown]
# ## Compare
#
# Both worlds have the same storms, shipments and queues, replication by replication. Verdicts are corrected for all that is
# asked together.

# %%
compared = sim.compare(base, base.replace({"services.vessels.vehicles": 5}), replications=6, jobs=1)
compared

# %%
compared.plot.forest()

# %% [markdown]
# Why? The same consignments in both worlds, cause by cause.

# %%
compared.plot.waterfall()

# %%
compared.why().set_index(["in", "step"]).round(2)

# %% [markdown]
# ## Sweep
#
# Levels, ranges with a unit, whole overlays; a grid if nothing is said. `store="…sqlite"` keeps every run, and the same call
# resumes.

# %%
factors = {"services.vessels.vehicles": "2..5", "scale.throughput": {"range": "0.8..1.4", "levels": 3}}
swept = sim.sweep(base, factors, replications=2, on="serial")
swept.means(["lead_time_d", "throughput_kt"]).round(1).head()

# %%
swept.plot.lines("lead_time_d", x="services.vessels.vehicles")

# %%
swept.plot.heat("lead_time_d")

# %%
swept.plot.parallel(["throughput_kt", "lead_time_d"])

# %%
swept.sensitivity("lead_time_d")

# %% [markdown]
# ## Decide
#
# One factor at a time, and what one more of each resource buys.

# %%
levels = {"services.vessels.vehicles": "2..5", "services.vessels.fill": "50..90 %"}
judged = sim.judge(base, levels, replications=3, on="serial")
judged.plot()

# %%
sim.bottlenecks(base, replications=2, jobs=1).to_frame().head(5)
