"""What every logged search has in common, told to the compressor once instead of with each search: it halves the log.

Old rows are read with it, so it never changes; what searches say beyond it costs a little more.
"""

SKELETON = (
    rb'{"search_id":"","time":"","query":{"text":"","words":[],"types":[],"user":null,"session":null,"context":[],"now":17954'
    rb'43746.23,"language":"","corrections":[["","",0.74]],"interpretations":[[0.22,[["","creator","",""]],[]],[0.1,[["","tit'
    rb'le","",""]],[]]],"intent":[["known_item",0.97],["topic",0.03],["browse",0.0]],"where":"","key":""},"budget":40,"genera'
    rb'tion":"00000001","choice":{"policy":"epsilon_greedy","version":0,"seed":207752238235403,"chosen":0,"propensity":0.91,"'
    rb'explored":false,"menu":[{"hybrid":16,"lexical":4,"memory":8,"sparse":4,"structured":8},{"fuzzy":4,"hybrid":4,"lexical"'
    rb':4,"memory":4,"personal":4,"popular":4,"related":4,"semantic":4,"sparse":4,"structured":4},{"fuzzy":4,"hybrid":12,"lex'
    rb'ical":4,"memory":8,"sparse":4,"structured":8},{"hybrid":12,"lexical":4,"memory":8,"popular":4,"sparse":4,"structured":'
    rb'8},{"hybrid":12,"lexical":4,"memory":8,"semantic":4,"sparse":4,"structured":8},{"hybrid":12,"lexical":4,"memory":8,"re'
    rb'lated":4,"sparse":4,"structured":8},{"hybrid":24,"lexical":8,"memory":8},{"hybrid":36,"lexical":4},{"fuzzy":12,"hybrid'
    rb'":16,"lexical":4,"memory":8},{"hybrid":16,"lexical":4,"memory":20},{"fuzzy":24,"lexical":8,"memory":8},{"lexical":40},'
    rb'{"hybrid":16,"lexical":4,"memory":8,"popular":12},{"fuzzy":36,"lexical":4}],"probabilities":[0.91,0.01,0.01,0.01,0.01,'
    rb'0.01,0.01,0.01,0.01,0.01,0.01,0.01,0.01,0.01]},"class":"few","x":[1.0,0.36,0.37,1.0,0.0,0.0,0.69,0.59,0.0,0.0,0.0,0.0,'
    rb'-0.58,-0.81,0.0,0.0,0.0,0.97,0.03,0.0,0.41,0.0,0.0,0.0,0.0,0.0,1.0,0.0,0.0,0.0,0.0,0.0,0.0],"drawn":{"fresh":[],"fuzzy'
    rb'":[],"popular":[],"related":[],"personal":[],"semantic":[],"hybrid":[],"lexical":[],"memory":[],"sparse":[],"structure'
    rb'd":[]},"ms":{"lexical":0.19,"hybrid":0.95,"memory":0.04,"sparse":5.12,"structured":0.17},"peek":{"hybrid":[0.16,0.59,0'
    rb'.73,0.9,0.0,0.8],"lexical":[0.16,0.59,0.21,0.9,0.0,0.8],"memory":[0.0,0.0,0.0,0.0,0.0,0.0],"sparse":[0.16,0.67,0.25,0.'
    rb'91,0.0,0.8],"structured":[0.16,0.0,0.14,0.89,0.0,0.8]},"results":[{"rank":1,"id":"","type":"","title":"","score":1.34,'
    rb'"arms":{"hybrid":[1,0.85],"lexical":[1,48.51],"sparse":[1,50.97]},"why":{"hybrid":0.67,"lexical":0.07,"sparse":0.13,"s'
    rb'tructured":0.08,"quality":0.39},"f":{"hybrid":1.0,"lexical":1.0,"sparse":1.0,"structured":0.6,"quality":0.99,"agree":1'
    rb'.0,"top":1.0,"memory":0.1,"affinity":0.1}},{"rank":2,"id":"","type":"","title":"","score":1.34,"arms":{"hybrid":[1,0.8'
    rb'5],"lexical":[1,48.51],"sparse":[1,50.97]},"why":{"hybrid":0.67,"lexical":0.07,"sparse":0.13,"structured":0.08,"qualit'
    rb'y":0.39},"f":{"hybrid":1.0,"lexical":1.0,"sparse":1.0,"structured":0.6,"quality":0.99,"agree":1.0,"top":1.0,"memory":0'
    rb'.1,"affinity":0.1}}],"total":16,"took_ms":8.82}'
)
