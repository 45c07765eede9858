"""Stories that real controllers wrote, done again in the simulated cluster.

rows.py     rows, as a recording has them and as the cluster exports them, and whether they agree
stories.py  what was done in each story
"""
