"""ltrr: search your own catalogs; it learns which way of searching works.

The map, in the order a query meets the rooms:

    catalog      What do we have?             files -> entities
    encode       What does a text mean?       texts -> vectors
    index        Where is it?                 entities -> one generation of files to look things up in
    memory       What worked before?          queries -> what was acted on
    understand   What is being asked?         text -> query, features
    arms         Draw candidates one way.     query -> hits
    policy       Which arms, how many each?   features -> a plan, with its exact probability
    candidates   One pool.                    hits of several arms -> candidates, no repeats
    rank         Best first.                  candidates -> page
    feedback     Shown, and then?             actions -> events, rewards, credit
    learn        Get better from it.          events -> policy, memory
    cli          Parse, one call, print.      commands

`engine` is the query path itself, one call a stage. Importing this package loads none of it.
"""
