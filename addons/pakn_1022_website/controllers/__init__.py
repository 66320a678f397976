from . import common, result_map, results, statistics
