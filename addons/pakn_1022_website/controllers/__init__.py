from . import common, feeds, result_map, results, statistics, subscription, widget
