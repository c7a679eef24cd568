"""What people look at: the terminal's tables, figures, cards in a notebook, and the story of one consignment.

Reads results and never makes them: nothing here draws, simulates, charges or measures anew.
"""
