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
# # A first run
#
# A year of cargo between Qazvin, the Iranian port of Anzali and the free-zone hub at Aktau, both ways. We load the baseline,
# run it, look at where the time and the money go, follow one consignment, and ask what one more vessel would change.
#
# `DAYS` and `REPLICATIONS` are small so that this page is done in seconds. For figures to rely on, leave the scenario's own:
# a whole year, as often as `base.scenario.run.replications` says.

# %%
import sim

DAYS, REPLICATIONS = 30, 2

# %% [markdown]
# ## The scenario
#
# What is loaded shows itself: where it comes from, what is shipped, by which fleets, and the map.

# %%
base = sim.load("baseline").replace({"run.warm_up": "15 d", "run.run_length": f"{DAYS} d", "run.drain": "30 d"})
base

# %% [markdown]
# ## A run
#
# Each replication draws its own weather, demand and sailing times from the scenario's seed. The table gives the mean over
# the replications and its 95 % interval. The checks say that no kilogram, second or cent went missing.

# %%
results = sim.run(base, replications=REPLICATIONS, jobs=1)
results

# %%
results.plot.map()

# %%
results.plot.causes()

# %%
results.plot.gantt()

# %%
results.plot.yards()

# %% [markdown]
# ## Behind the figures
#
# Every figure can be traced back. `kpis` has a row for each replication; `consignments`, `ledger` and `events` hold all of
# replication 0 as pandas frames, warm-up and drain too: we keep what is `measured`. (KPIs of time count shipments, each by
# its last consignment; a mean over consignments is another number.)

# %%
cargo = results.consignments.query("measured")
days = cargo.set_index(["direction", "commodity"])[["lead_time_s", "vehicle_s", "calendar_s", "customs_s"]] / 86400
days.groupby(level=[0, 1]).mean().round(1)

# %%
results.ledger.query("measured").groupby(["payer", "category"])["usd"].sum().round(0).unstack(0)

# %%
one = cargo.loc[cargo["delivered_utc"].notna(), "consignment"].iloc[0]
results.events.query("consignment == @one")[["utc", "event", "vehicle", "facility"]]

# %% [markdown]
# ## What if?
#
# A sweep runs every combination of some values under the same chance: rows differ by what was varied and not by luck.

# %%
swept = sim.sweep(base, {"services.vessels.vehicles": [3, 5]}, replications=REPLICATIONS, on="serial")
swept

# %%
swept.to_frame().groupby("services.vessels.vehicles")[["lead_time_d", "throughput_kt", "cost_usd_per_t"]].mean().round(2)

# %% [markdown]
# From here: `02-experiments` compares and sweeps in earnest; `caspian explain services.vessels` says what may be varied, and
# `results.save()` keeps everything on disk.
