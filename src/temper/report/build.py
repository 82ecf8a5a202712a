def build_report(store, results, config):
    return ""
